package moderation

// Replies is what happens with answers to articles.
type Replies string

// The settings.
const (
	RepliesOff    Replies = "off"    // not kept, and none is shown
	RepliesReview Replies = "review" // shown once somebody has approved them
	RepliesOpen   Replies = "open"   // shown at once
)
