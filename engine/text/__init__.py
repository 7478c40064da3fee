"""From what a clinician types, in English or Chinese, to findings with their exact place in the text."""
