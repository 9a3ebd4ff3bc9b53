"""Training and measuring the purpose profile: `python -m scr_tone.training.purpose`."""
