"""Nothing is lost when things break: many writers, kills, failing calls, full disks, cut migrations."""
