"""The `usher` command. Each module is a group of commands; each command decodes, calls one thing, and shows it."""
