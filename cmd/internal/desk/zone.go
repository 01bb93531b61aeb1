package desk

import (
	_ "embed"
	"errors"
	"net/http"
	"strings"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

// zoneNames are the zones that are offered, a line each: those of zone.tab in the IANA's
// database, which is in the public domain.
//
//go:embed zones.txt
var zoneNames string

// changeZone says where somebody is.
func (d *Desk) changeZone(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	v, zone := visitOf(r), strings.TrimSpace(r.PostForm.Get("zone"))
	err := v.Room.SetZone(r.Context(), v.Known, zone)
	if errors.Is(err, press.ErrInvalid) {
		return d.showAccount(w, r, http.StatusUnprocessableEntity, accountView{Zone: zone, WrongZone: inSentence(plainly(err))})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/account?zone#place", http.StatusSeeOther)
	return nil
}

// inOffset is a moment with the offset in place of the name of its zone, as documents have it.
// An hour that does not come there, or comes twice, is an error that says so.
func (m moment) inOffset() (moment, error) {
	if m.Date == "" || !strings.Contains(m.Zone, "/") {
		return m, nil
	}
	wrong := func(err error) (moment, error) {
		return m, &newsroom.Problem{Field: "published", Text: err.Error()}
	}
	zone, err := time.LoadLocation(m.Zone)
	if err != nil {
		return wrong(err)
	}
	text := m.Date
	if m.Time != "" {
		text += " " + m.Time
	}
	at, _, err := newsroom.Desk{Zone: zone}.Moment(text)
	if err != nil {
		return wrong(err)
	}
	m.Zone = at.In(zone).Format("Z07:00")
	return m, nil
}
