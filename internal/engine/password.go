// Passwords that the operator makes.

package engine

import (
	"crypto/rand"
	"math/big"
	"slices"
	"strings"
)

// The classes of characters in a generated password. Each occurs, since strength policies ask for it; characters that
// people confuse, that XML escapes or that a shell would read are left out.
var passwordClasses = []string{"abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-_.+!@%"}

const passwordLength = 24

// newPassword returns a random password of some 130 bits that does not hold login, in any case.
func newPassword(login string) string {
	for {
		if p := randomPassword(login); login == "" || !strings.Contains(strings.ToLower(p), strings.ToLower(login)) {
			return p
		}
	}
}

// randomPassword leaves the characters of the shortest logins out: of these too many passwords would hold one.
func randomPassword(login string) string {
	classes := slices.Clone(passwordClasses)
	if len(login) == 1 {
		for i, c := range classes {
			classes[i] = strings.NewReplacer(strings.ToLower(login), "", strings.ToUpper(login), "").Replace(c)
		}
	}
	all := strings.Join(classes, "")
	b := make([]byte, passwordLength)
	for i := range b {
		set := all
		if i < len(classes) {
			set = classes[i]
		}
		b[i] = set[randomInt(len(set))]
	}
	for i := len(b) - 1; i > 0; i-- {
		j := randomInt(i + 1)
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

func randomInt(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // crypto/rand does not fail on any supported platform
	}
	return int(i.Int64())
}
