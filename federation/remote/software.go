package remote

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"time"

	"communique/federation/vocab"
	"communique/storage/delivery/patience"
)

// softwareTimeout is for both documents of a host.
const softwareTimeout = 10 * time.Second

// FetchSoftware asks a host what it runs (NodeInfo). The document must be on the
// host's own registrable domain: it says nothing of others.
func (c *Client) FetchSoftware(ctx context.Context, host string) (vocab.Software, error) {
	ctx, cancel := patience.WithTimeout(ctx, softwareTimeout)
	defer cancel()
	s, err := c.softwareBy(ctx, "https", host)
	if err != nil && c.options.Loopback { // where peers may be without certificates
		s, err = c.softwareBy(ctx, "http", host)
	}
	return s, err
}

func (c *Client) softwareBy(ctx context.Context, scheme, host string) (vocab.Software, error) {
	wanted := media{"application/json", isJSON}
	index, err := c.getAs(ctx, scheme+"://"+host+"/.well-known/nodeinfo", wanted)
	if err != nil {
		return vocab.Software{}, err
	}
	address, err := vocab.ReadNodeInfoIndex(index.body)
	if err != nil {
		return vocab.Software{}, fmt.Errorf("asking %s what it runs: %w", host, errors.Join(ErrUntrusted, err))
	}
	asked, err := c.CheckURL(scheme + "://" + host + "/")
	if err != nil {
		return vocab.Software{}, err
	}
	at, err := c.CheckURL(address)
	if err != nil {
		return vocab.Software{}, fmt.Errorf("asking %s what it runs: %w", host, err)
	}
	if c.domain(at) != c.domain(asked) {
		return vocab.Software{}, fmt.Errorf("asking %s what it runs: %w", host, untrusted("its NodeInfo is on %s", at.Host))
	}
	info, err := c.getAs(ctx, address, wanted)
	if err != nil {
		return vocab.Software{}, err
	}
	s, err := vocab.ReadSoftware(info.body)
	if err != nil {
		return s, fmt.Errorf("asking %s what it runs: %w", host, errors.Join(ErrUntrusted, err))
	}
	return s, nil
}

func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/json" || kind == vocab.MediaType)
}
