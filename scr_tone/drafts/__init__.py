"""Two drafts of one text: which sentence became which, and which of its words were changed.

Knows nothing of labels; `scr_tone.comparison` sets the tone beside it.
"""
