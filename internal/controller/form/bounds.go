// Bounds: a number, a size, or "unlimited".

package form

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// LimitExpiration is the one limit that is a time (operators-accounts-server §2.1).
const LimitExpiration = "expiration"

// LimitNumber is the wire's number for a limit: -1 for unlimited, bytes for sizes, UNIX seconds for times.
func LimitNumber(name string, v v1alpha1.LimitValue) (int64, error) {
	if v.Text == v1alpha1.Unlimited {
		return -1, nil
	}
	if name == LimitExpiration {
		for _, layout := range []string{time.DateOnly, time.RFC3339} {
			if t, err := time.Parse(layout, v.Text); err == nil && t.Unix() >= 0 {
				return t.Unix(), nil
			}
		}
	}
	if counts(name) && strings.Trim(v.Text, "0123456789") != "" {
		return 0, fmt.Errorf("%q is no count: write a plain number, or %q", v.Text, v1alpha1.Unlimited)
	}
	q, err := resource.ParseQuantity(v.Text)
	if err != nil {
		return 0, fmt.Errorf("%q is neither a number nor a size such as 2Gi nor %q", v.Text, v1alpha1.Unlimited)
	}
	n := q.Value() // rounds up
	switch {
	case q.Sign() < 0:
		return 0, fmt.Errorf("%q is negative; what has no bound is %q", v.Text, v1alpha1.Unlimited)
	case n == math.MaxInt64:
		return 0, fmt.Errorf("%q is too large", v.Text)
	case q.Cmp(*resource.NewQuantity(n, q.Format)) != 0:
		return 0, fmt.Errorf("%q is not a whole number", v.Text)
	case name == LimitExpiration && n < firstExpiration:
		return 0, fmt.Errorf("%q is a moment of 1970 to 2001, in UNIX seconds: write the date, e.g. 2027-01-31, or %q", v.Text, v1alpha1.Unlimited)
	}
	return n, nil
}

// firstExpiration is in September 2001: whoever writes less means days, or a year.
const firstExpiration = 1_000_000_000

// counts reports whether a limit is a number of things, as far as its name tells; the rest are sizes, or times (operators-accounts-server §2.1).
func counts(name string) bool {
	return strings.HasPrefix(name, "max_") && !strings.HasPrefix(name, "max_traffic") || strings.HasPrefix(name, "ext_limit_")
}

// BoundText says a bound of the wire in words: -1 is unlimited.
func BoundText(n int64) string {
	if n == -1 {
		return v1alpha1.Unlimited
	}
	return strconv.FormatInt(n, 10)
}

// BoundNumber is the inverse of BoundText.
func BoundNumber(s string) (int64, error) {
	if s == v1alpha1.Unlimited {
		return -1, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	return n, nil
}

// OutgoingWords are those of the limits of outgoing mail; "default" is the same on both sides.
var OutgoingWords = Words{{v1alpha1.Unlimited, "-1"}}

// SizeText is a size in bytes as people write it, e.g. 10Mi.
func SizeText(bytes int64) string { return resource.NewQuantity(bytes, resource.BinarySI).String() }

// Bytes is a size as a whole, positive number of bytes.
func Bytes(size resource.Quantity) (int64, error) {
	n := size.Value()
	if n <= 0 || n == math.MaxInt64 || size.CmpInt64(n) != 0 {
		return 0, fmt.Errorf("%s is not a whole, positive number of bytes, such as 10Mi", size.String())
	}
	return n, nil
}
