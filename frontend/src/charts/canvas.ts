/** The parts of ECharts the page draws with; loaded when the first chart is. */

import { CustomChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([LineChart, CustomChart, GridComponent, TooltipComponent, CanvasRenderer]);

export const init = echarts.init;
export type { EChartsType } from "echarts/core";
