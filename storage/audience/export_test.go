package audience

// MaxInteractions is where counting ends.
const MaxInteractions = maxInteractions

// FollowingsOf is run for each message.
const FollowingsOf = `SELECT 1 ` + followingsOf
