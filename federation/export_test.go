package federation

import (
	"context"

	"communique/federation/moderation"
	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage/audience"
)

// Limits are those that the inbox counts by: to fill them with messages would
// take seconds.
func (s *Server) Limits() *moderation.Limits { return s.limits }

// LookAtReplies looks at the replies that are due.
func (s *Server) LookAtReplies(ctx context.Context) error { return s.lookAtReplies(ctx) }

// LookAtDepartures looks at those who wait and returns how many they were.
func (s *Server) LookAtDepartures(ctx context.Context) (n int, err error) {
	s.lookAgain()
	for ; len(s.departures) > 0 && err == nil; n++ {
		err = s.lookAt(ctx, <-s.departures)
	}
	return n, err
}

// LookAtSupposed looks at what servers that wait suppose of our follows.
func (s *Server) LookAtSupposed(ctx context.Context) (err error) {
	for len(s.supposed.waiting) > 0 && err == nil {
		err = s.lookAtSupposed(ctx, <-s.supposed.waiting)
	}
	return err
}

// Claimed is an error about a message by an actor with a key, on the internet.
func Claimed(actor, key string, err error) error {
	return (&Server{}).claimed(vocab.Incoming{Actor: actor}, signature.Signature{KeyID: key}, err)
}

// TakeFollow takes a Follow that was verified.
func (s *Server) TakeFollow(ctx context.Context, f audience.Follow) (taken, blocked bool, err error) {
	return s.crowd.take(ctx, f)
}
