"""The facts of each campaign as TOML, and the loader that brings them into the database."""
