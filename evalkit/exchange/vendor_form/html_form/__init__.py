"""The form as one HTML page that a vendor fills in without a network."""
