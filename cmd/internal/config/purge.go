package config

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Purge is the cache in front that is told what has changed. Without a URL there
// is none.
type Purge struct {
	URL    string            `yaml:"url"` // without a trailing slash
	Method string            `yaml:"method"`
	Header map[string]string `yaml:"header"`
}

// purgeMethods are the ways to purge; the first is the default.
var purgeMethods = []string{"PURGE", "BAN", http.MethodPost}

var headerName = regexp.MustCompile(`^[A-Za-z0-9-]+$`)

func (f file) checkPurge(c *Config) error {
	c.Purge = f.Purge
	if c.Purge.URL == "" {
		return nil
	}
	u, err := url.Parse(c.Purge.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return &FieldError{Field: "purge.url", Text: fmt.Sprintf("%q is not the address of a cache: write one like http://127.0.0.1:6081", c.Purge.URL)}
	}
	if c.Purge.Method == "" {
		c.Purge.Method = purgeMethods[0]
	}
	if !slices.Contains(purgeMethods, c.Purge.Method) {
		return &FieldError{Field: "purge.method", Text: fmt.Sprintf("%q is not one of PURGE, BAN and POST", c.Purge.Method)}
	}
	for name, value := range c.Purge.Header {
		if !headerName.MatchString(name) || strings.ContainsFunc(value, unicode.IsControl) {
			return &FieldError{Field: "purge.header", Text: fmt.Sprintf("%q with its value is not a valid header field: write it like Authorization: \"Bearer …\"", name)}
		}
	}
	if c.Purge.Method != http.MethodPost {
		c.Purge.URL = strings.TrimRight(c.Purge.URL, "/")
	}
	return nil
}
