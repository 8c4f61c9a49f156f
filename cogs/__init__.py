"""What people see on Discord: one file a feature, thin."""
