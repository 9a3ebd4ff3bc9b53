"""Training: from the labelled sentences in ``data/`` to an artefact in ``models/``. Not needed to run the product."""
