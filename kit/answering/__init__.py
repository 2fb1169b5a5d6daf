"""What a notebook asks and what was answered, without any widget: kept, restored, judged."""
