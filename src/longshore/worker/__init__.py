"""What runs by itself: jobs and their schedule, and the process that works them off."""
