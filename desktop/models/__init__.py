"""Qt item models over frozen records; no logic of their own."""
