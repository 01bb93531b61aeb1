package remote

import (
	"context"
	"fmt"
	"mime"
	"net/url"

	"communique/federation/vocab"
)

// FetchHandle asks a handle's host which actor it names (RFC 7033 §4), and returns
// the actor's id.
func (c *Client) FetchHandle(ctx context.Context, handle string) (string, error) {
	user, host, ok := vocab.ParseHandle(handle)
	if !ok {
		return "", forbidden("%q is not a handle: write it like @ministry@social.example", handle)
	}
	jrd, err := c.webfinger(ctx, user, host)
	if err != nil {
		return "", err
	}
	id, ok := jrd.Self()
	if !ok {
		return "", fmt.Errorf("look for %s: %w", handle, untrusted("its WebFinger does not name an actor"))
	}
	return id, nil
}

// webfinger asks by https; in loopback mode, where peers may be without certificates,
// by http first.
func (c *Client) webfinger(ctx context.Context, user, host string) (vocab.JRD, error) {
	if !c.options.Loopback {
		return c.webfingerBy(ctx, "https", user, host)
	}
	plain, err := c.webfingerBy(ctx, "http", user, host)
	if err == nil {
		return plain, nil
	}
	if jrd, ofTLS := c.webfingerBy(ctx, "https", user, host); ofTLS == nil {
		return jrd, nil
	}
	return plain, err
}

func (c *Client) webfingerBy(ctx context.Context, scheme, user, host string) (vocab.JRD, error) {
	address := scheme + "://" + host + "/.well-known/webfinger?resource=" + url.QueryEscape("acct:"+user+"@"+host)
	d, err := c.getAs(ctx, address, media{vocab.MediaTypeJRD + ", application/json", isJRD})
	if err != nil {
		return vocab.JRD{}, err
	}
	jrd, err := vocab.ReadJRD(d.body)
	if err != nil {
		return vocab.JRD{}, fmt.Errorf("fetching %s: %w: %w", address, ErrUntrusted, err)
	}
	return jrd, nil
}

func isJRD(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == vocab.MediaTypeJRD || kind == "application/json")
}
