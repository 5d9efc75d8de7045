// Passwords that the operator makes.

package engine

import (
	"crypto/rand"
	"math/big"
	"strings"
)

// The classes of characters in a generated password. Each occurs, since strength policies ask for it; characters that
// people confuse, that XML escapes or that a shell would read are left out.
var passwordClasses = []string{"abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-_.+!@%"}

const passwordLength = 24

// newPassword returns a random password of more than 130 bits.
func newPassword() string {
	all := strings.Join(passwordClasses, "")
	b := make([]byte, passwordLength)
	for i := range b {
		set := all
		if i < len(passwordClasses) {
			set = passwordClasses[i]
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
