"""What to do with a diagnosis: sourced options ranked for one patient; every sentence of the plan has a source."""
