"""Values: what the files say and what scoring returns. No input or output, no arithmetic on arrays."""
