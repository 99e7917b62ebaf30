"""From records to what the program understands, and back."""
