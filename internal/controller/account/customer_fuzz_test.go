// The laws of wire values, over values made of fuzzed bytes.

package account

import (
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
)

func FuzzNormalCustomer(f *testing.F) { controllertest.FuzzNormal(f, Customer{}) }
