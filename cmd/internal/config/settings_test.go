package config

import (
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"testing"
	"time"
)

// TestSettingsTellConfigurationsApart: a change of whichever field is seen, and which
// setting it is in; the same file gives the same.
func TestSettingsTellConfigurationsApart(t *testing.T) {
	t.Parallel()
	base := Config{Zone: time.UTC}
	if !maps.Equal(base.Settings(), Config{Zone: time.UTC, Data: "elsewhere", Listen: ":80", Server: "postgres://db", Log: Log{Format: "json"}, Metrics: ":1"}.Settings()) {
		t.Error("where it lies and listens what it logs and where it is watched counts")
	}
	fields := reflect.TypeFor[Config]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		if slices.Contains([]string{"Data", "Listen", "Server", "Log", "Metrics"}, name) {
			continue
		}
		changed := base
		switch v := reflect.ValueOf(&changed).Elem().Field(i); v.Interface().(type) {
		case *time.Location:
			changed.Zone = time.FixedZone("Elsewhere", 0)
		case []netip.Prefix:
			changed.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
		default:
			fill(v)
		}
		differ := 0
		for setting, digest := range changed.Settings() {
			if digest != base.Settings()[setting] {
				differ++
			}
		}
		if differ != 1 {
			t.Errorf("%s is in %d settings", name, differ)
		}
	}
}

// fill gives a value another one than zero.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Int64:
		v.SetInt(1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem())
	case reflect.Struct:
		fill(v.Field(0))
	}
}
