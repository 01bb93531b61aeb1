package config

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

// TestDuty: a site has Saturday and Sunday free unless it says otherwise, and holidays of one
// year or of each.
func TestDuty(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		duty     string
		weekend  []time.Weekday
		holidays []FreeDay
	}{
		"nothing said":       {"{}", []time.Weekday{time.Saturday, time.Sunday}, nil},
		"another week":       {"{weekend: [Friday, saturday]}", []time.Weekday{time.Friday, time.Saturday}, nil},
		"holidays":           {`{holidays: ["12-25", "2026-12-24"]}`, []time.Weekday{time.Saturday, time.Sunday}, []FreeDay{{0, time.December, 25}, {2026, time.December, 24}}},
		"one of a leap year": {`{holidays: ["02-29"]}`, []time.Weekday{time.Saturday, time.Sunday}, []FreeDay{{0, time.February, 29}}},
	} {
		c, err := Parse([]byte(whole + "duty: " + tt.duty + "\n"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		weekend, holidays := c.Duty.FreeDays()
		if !reflect.DeepEqual(weekend, tt.weekend) || !reflect.DeepEqual(holidays, tt.holidays) {
			t.Errorf("%s: %v, %v", name, weekend, holidays)
		}
	}
}

// TestMail: a mail server is spoken to by TLS unless it is on this machine and somebody says
// otherwise, and its password stands in a file.
func TestMail(t *testing.T) {
	t.Parallel()
	c, err := Parse([]byte(strings.Replace(whole, "replies: open", "replies: open\nmail: {server: \"mail.mfa.example:587\", from: desk@mfa.example, user: desk, password_file: none}", 1)))
	if err != nil || c.Mail.TLS != "starttls" {
		t.Errorf("%+v, %v", c.Mail, err)
	}
	c.Data = t.TempDir()
	if _, err := c.MailPassword(); err == nil || !strings.Contains(err.Error(), "mail.password_file") {
		t.Errorf("without the file: %v", err)
	}
	if _, err := Parse([]byte(whole + "mail: {server: \"localhost:25\", from: desk@mfa.example, tls: off}\n")); err != nil {
		t.Error(err)
	}
}
