// What is read together with the sites that it lies in.

package web

import (
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// ofSiteThere is an error about a site that the same packet has shown: that it is not there contradicts this.
func ofSiteThere(op xmlapi.Named, err error) error {
	if xmlapi.IsNotFound(err) {
		return xmlapi.Incomplete(op, "an answer about a site that is there")
	}
	return err
}

// sitesPerList is how many sites one packet of a list reads.
const sitesPerList = 4 * engine.IDsPerOperation
