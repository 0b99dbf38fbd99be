"""An evaluation of an earlier version of its questionnaire -> one of the version that is installed."""
