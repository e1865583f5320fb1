"""What changed with a release: how before and after are compared, once for report, alert and check."""
