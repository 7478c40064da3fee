"""Safety is decided by tables: interactions, allergy, dose and patient checks, each row with its source and its date.

No model is asked and none may be imported here. Everything fails closed: an unknown drug is "not checked", a missing
verdict is "blocked", and a check that lacks an input is listed as incomplete.
"""
