// Package businesslogicupgrade holds the `business-logic-upgrade` operator, which moved servers of old versions to the business
// model of today. The grammar leaves its content open and no page describes it, so it is one operation, the operator's element
// itself. Callers: administrator.
package businesslogicupgrade

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// Run is the operator's only operation. Its name is empty: the operator's element is its own.
var Run = xmlapi.Write[xmlapi.EmptyRequest, xmlapi.Result]("business-logic-upgrade", "")
