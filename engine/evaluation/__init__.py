"""Reproducible measurements behind `lantern-engine evaluate`; nothing here runs beside a patient."""
