// Floating-point numbers as XML writes them.

package xmlapi_test

import (
	"math"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func TestDouble(t *testing.T) {
	for _, c := range []struct {
		read  string
		value float64
		wrote string
	}{
		{"-1", -1, "-1"}, {" 0.5 ", 0.5, "0.5"}, {"1.5E3", 1500, "1500"}, {"INF", math.Inf(1), "INF"}, {"-INF", math.Inf(-1), "-INF"},
		{"1e999", math.Inf(1), "INF"}, {"-1e999", math.Inf(-1), "-INF"}, {"1e-999", 0, "0"},
	} {
		var d xmlapi.Double
		if err := d.UnmarshalText([]byte(c.read)); err != nil || float64(d) != c.value {
			t.Errorf("%q is read as %v, %v", c.read, float64(d), err)
		}
		if text, err := d.MarshalText(); err != nil || string(text) != c.wrote {
			t.Errorf("%v is written as %q, %v", float64(d), text, err)
		}
	}
	for _, text := range []string{"", "x", "1,5", "1e"} {
		if err := new(xmlapi.Double).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is a number", text)
		}
	}
}
