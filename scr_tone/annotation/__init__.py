"""Labelling by hand: sentences are drawn, labelled in whatever program people use, and read back."""
