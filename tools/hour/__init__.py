"""The top of the hour: very many reminders due at one instant, over the real due index and a clock that is moved."""
