"""The live presentation: a board moves a weight or supposes a condition, and the picture follows."""
