"""The case: frozen records, their validation, and the de-identified request made from them."""
