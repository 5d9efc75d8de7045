// The business-logic-upgrade operator: there is nothing to upgrade on a server of this version.

package plesksim

import (
	"encoding/xml"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func businessLogicUpgradeOperations() []operation {
	return []operation{
		one("business-logic-upgrade", administrator, businessLogicUpgrade).
			unavailable(xmlapi.CodeUnsupportedByVersion, "needs a server that was moved from Plesk 9"),
	}
}

func businessLogicUpgrade(*call, xmlapi.EmptyRequest) (xmlapi.Result, error) {
	return xmlapi.Result{}, refuse(xmlapi.CodeUnsupportedByVersion, "An upgrade of the business model is not needed any more.")
}

// decodeWhole reads an operator whose element is its one operation, whatever stands in it; ok is false for the others.
func (s *Server) decodeWhole(d *xml.Decoder, operator xml.StartElement) (b block, ok bool, err error) {
	op, ok := s.operations[opName{operator: operator.Name.Local}]
	if !ok {
		return block{}, false, nil
	}
	execute, err := op.decode(d, operator)
	return block{operator: operator.Name.Local, steps: []step{{operation: op, execute: execute}}}, true, err
}
