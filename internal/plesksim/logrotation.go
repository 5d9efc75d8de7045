// The log-rotation operator: every site has one set of settings, made with the site from the plan (operators-services §11).

package plesksim

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

// logRotation is how a site's logs are rotated. What its fields point to is never changed in place.
type logRotation struct {
	Enabled  bool
	Settings hosting.LogRotation
}

// logRotationOf is what a plan gives to a site. One that switches rotation off says nothing about its settings.
func logRotationOf(given *serviceplan.LogRotation) logRotation {
	if given.On == nil {
		return logRotation{Settings: *initialLogRotation().On}
	}
	return logRotation{Enabled: true, Settings: *given.On}
}
