package moderation

// Replies says what happens to replies to articles.
type Replies string

// The settings.
const (
	RepliesOff    Replies = "off"    // not kept, and none are shown
	RepliesReview Replies = "review" // shown once somebody has approved them
	RepliesOpen   Replies = "open"   // shown at once
)
