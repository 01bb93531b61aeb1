package config

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"communique/storage/press"
)

// DefaultDesk is where the desk is answered if nothing else is said.
const DefaultDesk = "127.0.0.1:8481"

// Desk is where the people of the press office work in a browser.
type Desk struct {
	// Listen is host:port; empty if there is no desk.
	Listen string
	// URL is its address in a browser, without a trailing slash. It is best on a host of its own:
	// what runs on other pages has no part in it. Below a path it shares its host.
	URL string
}

// deskFile is a [Desk] as it is written.
type deskFile struct {
	Listen string `yaml:"listen"`
	URL    string `yaml:"url"`
}

func (f file) checkDesk(c *Config) error {
	c.Desk.Listen = f.Desk.Listen
	switch c.Desk.Listen {
	case "":
		c.Desk.Listen = DefaultDesk
	case "off":
		c.Desk.Listen = ""
		if f.Desk.URL != "" {
			return &FieldError{Field: "desk.url", Text: "there is no desk, for desk.listen is off: leave one of the two out"}
		}
		return nil
	}
	if err := checkAddress("desk.listen", c.Desk.Listen, DefaultDesk); err != nil {
		return err
	}
	if c.Desk.Listen == f.Listen || c.Desk.Listen == c.Metrics {
		return &FieldError{Field: "desk.listen", Text: "something else listens there: choose another port"}
	}
	return f.checkDeskURL(c)
}

// deskPath is a path below which a desk can be.
var deskPath = regexp.MustCompile(`^(/[a-z0-9][a-z0-9-]*)*/?$`)

// isOfSite tells whether the site answers below a path of its own host.
func (c *Config) isOfSite(path string) bool {
	first, _, _ := strings.Cut(strings.Trim(path, "/"), "/")
	return slices.Contains([]string{"", "actors", "ap", "files", "media", "nodeinfo", "websub"}, first) || slices.ContainsFunc(c.Languages, func(l press.Language) bool { return strings.EqualFold(string(l), first) })
}

// ownURL is that of a desk for browsers on its machine, where the configuration has no other.
func ownURL(listen string) string { return "http://" + listen }

func (f file) checkDeskURL(c *Config) error {
	if f.Desk.URL == "" {
		if host, _, _ := net.SplitHostPort(c.Desk.Listen); !IsLoopback(host) {
			return &FieldError{Field: "desk.listen", Text: fmt.Sprintf("others can reach %s: write at desk.url the address by which people come, as in https://desk.mfa.example", c.Desk.Listen)}
		}
		c.Desk.URL = ownURL(c.Desk.Listen)
		return nil
	}
	u, err := url.Parse(f.Desk.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return &FieldError{Field: "desk.url", Text: fmt.Sprintf("%q is not the address of a desk: write one like https://desk.mfa.example", f.Desk.URL)}
	case !deskPath.MatchString(u.EscapedPath()):
		return &FieldError{Field: "desk.url", Text: fmt.Sprintf("%q has a path that is none for a desk: write one like https://mfa.example/desk", f.Desk.URL)}
	case u.Scheme == "http" && !IsLoopback(u.Hostname()):
		return &FieldError{Field: "desk.url", Text: fmt.Sprintf("%q is not https: passwords would be read on the way", f.Desk.URL)}
	case c.BaseURL == u.Scheme+"://"+u.Host && c.isOfSite(u.Path):
		return &FieldError{Field: "desk.url", Text: "the site itself answers there: the desk needs a host of its own, as in https://desk." + u.Hostname() + ", or a path that the site has not, as in " + c.BaseURL + "/desk"}
	}
	c.Desk.URL = u.Scheme + "://" + u.Host + strings.TrimSuffix(u.Path, "/")
	return nil
}
