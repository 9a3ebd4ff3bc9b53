"""What needs PyTorch: the network, its training and its export. Only `scr-tone train` with an encoder comes here."""
