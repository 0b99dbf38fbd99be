"""What if weights, thresholds, evidence tables or answers were different: state, table and panel."""
