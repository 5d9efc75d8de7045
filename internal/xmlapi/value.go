// Values that many operators share: open name/value lists and floating-point numbers.

package xmlapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"strconv"
	"strings"
)

// Property is one name and value of an open list: hosting properties, PHP settings. Such lists hold passwords too
// (ftp_password), so the value of a property whose name says so prints as Secret does.
type Property struct {
	Name  string `xml:"name"`
	Value string `xml:"value"`
}

// Format implements fmt.Formatter for every verb.
func (p Property) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, p.String()) }

// String implements fmt.Stringer.
func (p Property) String() string { return p.Name + "=" + p.shown() }

// MarshalJSON implements json.Marshaler.
func (p Property) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct{ Name, Value string }{p.Name, p.shown()})
}

// LogValue implements slog.LogValuer.
func (p Property) LogValue() slog.Value { return slog.StringValue(p.String()) }

// Sensitive reports whether the value is a password. The types `ftp_password_type` and the like are not.
func (p Property) Sensitive() bool {
	name := strings.ToLower(p.Name)
	return strings.Contains(name, "passw") && !strings.HasSuffix(name, "_type")
}

func (p Property) shown() string {
	if p.Sensitive() {
		return redacted
	}
	return p.Value
}

// Double is a floating-point number as XML has it; it is written without an exponent, infinity as INF.
type Double float64

// MarshalText implements encoding.TextMarshaler.
func (d Double) MarshalText() ([]byte, error) {
	switch {
	case math.IsInf(float64(d), 1):
		return []byte("INF"), nil
	case math.IsInf(float64(d), -1):
		return []byte("-INF"), nil
	}
	return strconv.AppendFloat(nil, float64(d), 'f', -1, 64), nil
}

// UnmarshalText implements encoding.TextUnmarshaler. What is too large is infinite, as it is for XML.
func (d *Double) UnmarshalText(text []byte) error {
	f, err := strconv.ParseFloat(strings.TrimSpace(string(text)), 64)
	if errors.Is(err, strconv.ErrRange) {
		err = nil
	}
	*d = Double(f)
	return err
}
