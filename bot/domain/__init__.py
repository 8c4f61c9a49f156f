"""Pure rules of the campaign: no I/O, no clock, no Discord, no database."""
