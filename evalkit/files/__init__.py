"""YAML files and values: read with every problem named, written with small differences, found again."""
