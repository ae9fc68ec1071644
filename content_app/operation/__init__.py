"""What operators need: probes, an examination of the deployment, backup and restore."""
