"""Ranks diseases from findings: two table voices, their fusion, and the rules that know when to be silent."""
