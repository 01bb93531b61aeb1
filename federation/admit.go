package federation

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"communique/federation/moderation"
	"communique/federation/remote"
	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage/press"
)

// maxFetches is how many fetches one message may cause.
const maxFetches = 5

// errBlocked: the message is of somebody who is not listened to. It is taken
// and has no effect, so that its sender does not try again.
var errBlocked = errors.New("the sender is blocked")

// refuse keeps our fetches off blocked servers.
func (s *Server) refuse(ctx context.Context, address string) error {
	blocked, err := s.Store.Blocked(ctx, address)
	if err == nil && blocked {
		err = fmt.Errorf("%w: it is blocked", remote.ErrForbidden)
	}
	return err
}

// keyring is where the key of a message is taken from.
type keyring struct {
	remote *remote.Client
	limits *moderation.Limits
	host   string
	// known limits it to keys that are known: the error is why.
	known error
}

// admit decides before a message is verified whether it is listened to at all,
// and whether a key may be fetched for it.
func (s *Server) admit(r *http.Request, a vocab.Incoming, keyID string) (keyring, error) {
	blocked, err := s.Store.Blocked(r.Context(), a.Actor, keyID)
	if err != nil {
		return keyring{}, err
	}
	if blocked {
		return keyring{}, errBlocked
	}
	return keyring{remote: s.remote, limits: s.limits, host: press.HostOf(keyID), known: s.limits.Suspect(r.RemoteAddr)}, nil
}

func (k keyring) FetchKey(ctx context.Context, keyID string) (remote.Key, error) {
	if key, ok := k.remote.KnownKey(keyID); ok {
		return key, nil
	}
	if k.known != nil {
		return remote.Key{}, k.known
	}
	if err := k.limits.Stranger(k.host); err != nil {
		return remote.Key{}, err
	}
	return k.remote.FetchKey(ctx, keyID)
}

func (k keyring) RefreshKey(ctx context.Context, keyID string) (remote.Key, error) {
	if k.known != nil {
		return remote.Key{}, k.known
	}
	return k.remote.RefreshKey(ctx, keyID)
}

// countFailure counts a message that proved nothing against the client that
// sent it, and says instead of its own error that there have been too many.
func (s *Server) countFailure(r *http.Request, err error) error {
	if !provesNothing(err) {
		return err
	}
	if throttled := s.limits.Suspect(r.RemoteAddr); throttled != nil {
		return throttled
	}
	s.limits.Unverified(r.RemoteAddr)
	return err
}

// provesNothing tells the faults of a sender from ours.
func provesNothing(err error) bool {
	var tooLarge *http.MaxBytesError
	for _, fault := range []error{
		ErrMalformed, ErrMediaType, ErrForbidden, signature.ErrInvalid,
		remote.ErrForbidden, remote.ErrNotFound, remote.ErrGone, remote.ErrUntrusted, remote.ErrUnavailable,
	} {
		if errors.Is(err, fault) {
			return true
		}
	}
	return errors.As(err, &tooLarge)
}
