package deliveries

// NextDue is run whenever something was delivered.
const NextDue = nextDue
