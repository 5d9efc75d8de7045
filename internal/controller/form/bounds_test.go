// Bounds: how single values are written and read.

package form

import (
	"math"
	"testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func TestLimitNumber(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        int64
	}{
		{"max_site", "3", 3},
		{"disk_space", "2Gi", 2147483648},
		{"disk_space", "2147483648", 2147483648},
		{"disk_space", "1.5k", 1500},
		{"disk_space", "2G", 2000000000},
		{"max_box", "unlimited", -1},
		{"max_box", "0", 0},
		{"expiration", "2027-01-31", 1801353600},
		{"expiration", "2027-01-31T01:00:00+01:00", 1801353600},
		{"expiration", "1801353600", 1801353600},
		{"expiration", "unlimited", -1},
	} {
		got, err := LimitNumber(c.name, v1alpha1.LimitValue{Text: c.value})
		if err != nil || got != c.want {
			t.Errorf("%s: %s is %d, %v; want %d", c.name, c.value, got, err, c.want)
		}
	}
	for _, c := range [][2]string{
		{"max_site", "-1"}, {"max_site", "1.5"}, {"max_site", ""}, {"max_site", "many"}, {"max_site", "2027-01-31"},
		{"max_box", "5Gi"}, {"max_box", "1k"}, {"expiration", "5"}, {"expiration", "365"}, {"expiration", "2027"}, {"disk_space", "10E"}, {"expiration", "1960-01-01"}, {"expiration", "2027-02-30"},
	} {
		if n, err := LimitNumber(c[0], v1alpha1.LimitValue{Text: c[1]}); err == nil {
			t.Errorf("%s: %q is taken as %d", c[0], c[1], n)
		}
	}
	for _, n := range []int64{-1, 0, 1, math.MaxInt64} {
		if back, err := BoundNumber(BoundText(n)); err != nil || back != n {
			t.Errorf("%d comes back as %d, %v", n, back, err)
		}
	}
}
