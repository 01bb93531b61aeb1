package desk

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestOwnZone: whoever is elsewhere is told by their own clock, too, with the day if that is
// another one; where it shows what the ministry's does it says nothing.
func TestOwnZone(t *testing.T) {
	t.Parallel()
	d := deskIn(t, "Europe/Lisbon")
	for _, tt := range []struct{ zone, at, want string }{
		{"", "2026-12-01T10:00:00Z", ""},
		{"Europe/Lisbon", "2026-12-01T10:00:00Z", ""},
		{"Europe/London", "2026-12-01T10:00:00Z", ""},
		{"Asia/Tokyo", "2026-12-01T10:00:00Z", "19:00 in Asia/Tokyo"},
		{"Asia/Tokyo", "2026-12-01T18:00:00Z", "Wednesday 2 December, 03:00 in Asia/Tokyo"},
		{"America/Argentina/Buenos_Aires", "2026-12-01T02:00:00Z", "Monday 30 November, 23:00 in America/Argentina/Buenos Aires"},
		{"Asia/Kathmandu", "2026-12-01T10:00:00Z", "15:45 in Asia/Kathmandu"},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		v := &visit{}
		if tt.zone != "" {
			if v.zone, err = time.LoadLocation(tt.zone); err != nil {
				t.Fatal(err)
			}
		}
		if got := d.instant(context.WithValue(t.Context(), visitKey{}, v), at).Own; got != tt.want {
			t.Errorf("%s in %s: %q, want %q", tt.at, tt.zone, got, tt.want)
		}
	}
}

// TestZonesAreThere: all that are offered are zones.
func TestZonesAreThere(t *testing.T) {
	t.Parallel()
	for name := range strings.FieldsSeq(zoneNames) {
		if _, err := time.LoadLocation(name); err != nil {
			t.Error(err)
		}
	}
}

// TestWhereSomebodyIs: who says where they are is told by the clock there on every page, enters
// times by it, and can take it back.
func TestWhereSomebodyIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.invite("root", "operator")
	ana := h.signedIn("ana", "editor")
	ana.is("nowhere", ana.post("/account/zone", "zone", "Atlantis"), http.StatusUnprocessableEntity, "", `value="Atlantis"`)
	ana.is("in Tokyo", ana.post("/account/zone", "zone", " Asia/Tokyo "), http.StatusOK, "/account?zone", "18:30 in Asia/Tokyo")
	fields := map[string]string{"title": "Treaty", "section": "statements", "language": "en", "text": "The text.", "date": "2027-01-04", "time": "10:00", "zone": "Asia/Tokyo"}
	got := ana.send("/manuscripts/new", fields)
	for _, says := range []string{"Monday 4 January 2027, <b>01:00</b>", "<b>10:00 in Asia/Tokyo</b>", "Monday 4 January 2027, 10:00 (UTC&#43;9)"} {
		ana.is("what goes out", got, http.StatusOK, "", says)
	}
	if shown := fieldsOf(ana.get(got.path + "/edit")); shown["time"] != "10:00" || shown["zone"] != "+09:00" {
		t.Errorf("it is edited as %s %s %s", shown["date"], shown["time"], shown["zone"])
	}
	ana.is("in the calendar", ana.get("/manuscripts"), http.StatusOK, "", "10:00 in Asia/Tokyo")
	ana.post("/account/zone", "zone", "America/New_York")
	fields["zone"], fields["date"], fields["time"] = "America/New_York", "2027-03-14", "02:30"
	ana.is("an hour that does not come", ana.send("/manuscripts/new", fields), http.StatusUnprocessableEntity, "", "Nothing was saved. When it goes out: ")
	fields["date"], fields["time"] = "2027-11-07", "01:30"
	ana.is("an hour that comes twice", ana.send("/manuscripts/new", fields), http.StatusUnprocessableEntity, "", "Nothing was saved. When it goes out: ")
	ana.is("at home", ana.post("/account/zone", "zone", ""), http.StatusOK, "/account?zone", "by the ministry’s clock alone")
	if strings.Contains(ana.get("/manuscripts").body, "Tokyo") {
		t.Error("it was not taken back")
	}
	if audit := h.auditOf("ana"); !strings.Contains(audit, "changed their zone") {
		t.Errorf("the audit says %s", audit)
	}
}
