package config

import (
	"fmt"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Mail is the server that takes letters to people of the ministry. Without a server none are
// sent.
type Mail struct {
	Server string `yaml:"server"` // host:port
	// TLS is how the connection is kept from being read; see [mailTLS].
	TLS  string `yaml:"tls"`
	From string `yaml:"from"`
	User string `yaml:"user"`
	// PasswordFile holds the password of the user: in the data folder, if the name is not
	// absolute.
	PasswordFile string `yaml:"password_file"`
}

// mailTLS are the ways to a mail server: a connection that becomes TLS before anything else is
// said, one that is TLS from the start, and one in the clear, on this machine. The first is the
// default.
var mailTLS = []string{"starttls", "tls", "off"}

// mailSeats bounds how many addresses are on duty.
const mailSeats = 20

// Duty is who is told of what must not come to pass in silence, and when they are at work.
type Duty struct {
	Addresses []string `yaml:"addresses"`
	Weekend   []string `yaml:"weekend"`
	Holidays  []string `yaml:"holidays"`
}

func (f file) checkMail(c *Config) error {
	if c.Mail = f.Mail; c.Mail.Server == "" {
		c.Mail.TLS = ""
		if c.Mail.From != "" || c.Mail.User != "" || c.Mail.PasswordFile != "" {
			return &FieldError{Field: "mail.server", Text: "it is empty: name the mail server, as in mail.mfa.example:587, or leave the others out"}
		}
		return nil
	}
	host, port, err := net.SplitHostPort(c.Mail.Server)
	if n, wrong := strconv.Atoi(port); err != nil || host == "" || wrong != nil || n < 1 || n > 65535 {
		return &FieldError{Field: "mail.server", Text: fmt.Sprintf("%q is not a mail server: write one like mail.mfa.example:587", c.Mail.Server)}
	}
	if c.Mail.TLS == "" {
		c.Mail.TLS = mailTLS[0]
	}
	switch {
	case !slices.Contains(mailTLS, c.Mail.TLS):
		return &FieldError{Field: "mail.tls", Text: fmt.Sprintf("%q is not one of starttls, tls and off", c.Mail.TLS)}
	case c.Mail.TLS == "off" && !IsLoopback(host):
		return &FieldError{Field: "mail.tls", Text: fmt.Sprintf("letters to %s would be read on the way: write starttls or tls", host)}
	case !isAddress(c.Mail.From):
		return &FieldError{Field: "mail.from", Text: fmt.Sprintf("%q is not an address: write one like press-desk@mfa.example", c.Mail.From)}
	case (c.Mail.User == "") != (c.Mail.PasswordFile == ""):
		return &FieldError{Field: "mail.user", Text: "a user has a password, and a password a user: name both, or none"}
	}
	return nil
}

// isAddress tells whether a text is an address of e-mail, and nothing else.
func isAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text
}

// weekdays are their names, Sunday first as [time.Weekday] has it.
var weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

func (f file) checkDuty(c *Config) error {
	c.Duty = f.Duty
	if len(c.Duty.Addresses) > mailSeats {
		return &FieldError{Field: "duty.addresses", Text: fmt.Sprintf("there are more than %d", mailSeats)}
	}
	for _, a := range c.Duty.Addresses {
		if !isAddress(a) {
			return &FieldError{Field: "duty.addresses", Text: fmt.Sprintf("%q is not an address: write one like duty@mfa.example", a)}
		}
	}
	if len(c.Duty.Addresses) > 0 && c.Mail.Server == "" {
		return &FieldError{Field: "duty.addresses", Text: "nobody can be written to: name a mail server at mail.server"}
	}
	for _, day := range c.Duty.Weekend {
		if !slices.Contains(weekdays, strings.ToLower(day)) {
			return &FieldError{Field: "duty.weekend", Text: fmt.Sprintf("%q is not a day: write [saturday, sunday]", day)}
		}
	}
	for _, day := range c.Duty.Holidays {
		if _, _, _, ok := parseHoliday(day); !ok {
			return &FieldError{Field: "duty.holidays", Text: fmt.Sprintf("%q is not a day: write 2026-12-24, or 12-25 for each year", day)}
		}
	}
	return nil
}

// parseHoliday reads a day; the year is 0 where it is none.
func parseHoliday(text string) (year int, month time.Month, day int, ok bool) {
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return at.Year(), at.Month(), at.Day(), true
	}
	at, err := time.Parse(time.DateOnly, "2000-"+text) // a leap year, for 02-29
	return 0, at.Month(), at.Day(), err == nil
}

// FreeDays are the days of the week, and the others, on which nobody is at work; a year of 0 is
// each.
func (d Duty) FreeDays() (weekend []time.Weekday, holidays []FreeDay) {
	for _, day := range d.Weekend {
		weekend = append(weekend, time.Weekday(slices.Index(weekdays, strings.ToLower(day))))
	}
	if len(d.Weekend) == 0 {
		weekend = []time.Weekday{time.Saturday, time.Sunday}
	}
	for _, text := range d.Holidays {
		year, month, day, _ := parseHoliday(text) // it was read when the file was
		holidays = append(holidays, FreeDay{year, month, day})
	}
	return weekend, holidays
}

// FreeDay is a holiday; a year of 0 is each.
type FreeDay struct {
	Year  int
	Month time.Month
	Day   int
}

// MailPassword reads the password of the mail server's user; empty if there is none.
func (c Config) MailPassword() (string, error) {
	if c.Mail.PasswordFile == "" {
		return "", nil
	}
	path := c.Mail.PasswordFile
	if !filepath.IsAbs(path) {
		path = filepath.Join(c.Data, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("the password of the mail server (mail.password_file): %w", err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}
