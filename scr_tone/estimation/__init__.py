"""Shares of labels in a corpus, corrected for the model's errors by a sample that people labelled."""
