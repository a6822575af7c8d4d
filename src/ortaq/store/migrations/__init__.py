"""The schema, one SQL file a step, applied in the order of their numbers; a file that was released never changes."""
